"""Start `heedful --version` in a process of its own."""

from heedful.cli.main import app

if __name__ == "__main__":
    app(["--version"])
