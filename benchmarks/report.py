"""Put what a benchmark found into words and tables."""

from __future__ import annotations

from collections.abc import Mapping

from benchmarks.record import Speed, Throughput
from heedful.measure.report import table


def times(speed: Speed) -> list[list[str]]:
    """Return lines of cells, the head first: per length and batch, milliseconds and how many times Heedful's own."""
    median = {(each.tokens, each.batch, each.subject): each.timing.median for each in speed.cells}
    ours = next(iter(speed.notes))
    lines = [["median ms per call", *speed.notes]]
    for tokens, batch in dict.fromkeys((each.tokens, each.batch) for each in speed.cells):
        least = median[tokens, batch, ours]
        others = [median[tokens, batch, name] for name in speed.notes if name != ours]
        told = [f"{took:.2f} ({took / least:.{1 if took >= least / 10 else 2}f}x)" for took in others]
        lines.append([f"{tokens} tokens, batch {batch}", f"{least:.2f}", *told])
    return lines


def speed_notes(speed: Speed) -> list[str]:
    """Return what stands under the table of times, a sentence each."""
    return [
        "In brackets: how many times Heedful's own time.",
        *(f"{name}: {note}." for name, note in speed.notes.items()),
        f"`from heedful import Heedful`: {speed.import_ms:.0f} ms (median of fresh interpreters).",
        *_turn(speed),
    ]


def _turn(speed: Speed) -> list[str]:
    kept = (
        f"A whole turn, kept in the store: {speed.turn.median:.1f} ms median, {speed.turn.p95:.1f} ms 95th percentile."
    )
    if speed.answer is None or speed.first_word is None:
        return [kept]
    return [
        f"A whole turn, from the message to the guarded reply: {speed.answer.median:.1f} ms median, "
        f"{speed.answer.p95:.1f} ms 95th percentile; to its first word: {speed.first_word.median:.1f} ms.",
        kept,
    ]


def speed_page(speed: Speed) -> str:
    """Return a run of protocol S1 as a Markdown page."""
    return (
        f"# {speed.protocol}: text speed, {speed.at:%Y-%m-%d}\n\n"
        f"Median of {speed.cells[0].timing.repetitions} calls after {speed.warm_ups} warm-ups, one thread, "
        f"every subject in the same run. Network: {speed.network}.\n\n"
        f"{table(times(speed))}\n\n{_listed(speed_notes(speed))}\n\n{_machine(speed.machine)}"
    )


def throughput(found: Throughput) -> list[list[str]]:
    """Return lines of cells, the head first: the figures of bulk reading."""
    return [
        [f"`heedful analyze`, {found.rows:,} rows", f"{found.tokens:.0f} tokens each, {found.threads} threads"],
        ["rows per second", f"{found.rows_per_second:,.0f}"],
        ["peak memory", f"{found.clean.peak_mib:.0f} MiB"],
        ["memory early in the run", f"{found.clean.early_mib:.0f} MiB"],
        ["memory at the end of the run", f"{found.clean.late_mib:.0f} MiB"],
        ["killed half-way and resumed: same output", "yes" if found.resumed_equal else "no"],
    ]


def throughput_page(found: Throughput) -> str:
    """Return a run of protocol S1b as a Markdown page."""
    return (
        f"# {found.protocol}: bulk reading, {found.at:%Y-%m-%d}\n\n"
        f"Network: {found.network}.\n\n{table(throughput(found))}\n\n{_machine(found.machine)}"
    )


def _machine(machine: Mapping[str, str]) -> str:
    return f"## Machine\n\n{_listed([f'{name}: {value}' for name, value in machine.items()])}\n"


def _listed(lines: list[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)
