# Heedful's server: CPU only, not root, nothing written outside /data. See docs/server.md.
FROM python:3.11-slim AS build

COPY pyproject.toml README.md LICENSE /build/
COPY src /build/src
COPY docs/results /build/docs/results
RUN python -m venv /heedful \
    && /heedful/bin/pip install --no-cache-dir '/build[face,postgresql,server,voice]'

FROM python:3.11-slim

RUN useradd --uid 10001 --create-home --home-dir /data --shell /usr/sbin/nologin heedful
COPY --from=build /heedful /heedful
ENV PATH=/heedful/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    XDG_DATA_HOME=/data \
    TMPDIR=/tmp
USER 10001
VOLUME /data
EXPOSE 8377
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8377/ready', timeout=4)"]
ENTRYPOINT ["heedful"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8377", "--log", "info"]
