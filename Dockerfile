# The dependencies, as locked, in an environment of their own.
FROM python:3.13-slim-bookworm AS dependencies
COPY requirements.lock /tmp/requirements.lock
RUN python -m venv /opt/convoscope \
    && /opt/convoscope/bin/pip install --no-cache-dir --only-binary :all: --require-hashes \
        --requirement /tmp/requirements.lock

# The application. It writes nothing, so its file system may be read-only.
FROM python:3.13-slim-bookworm
ENV PATH=/opt/convoscope/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin convoscope
COPY --from=dependencies /opt/convoscope /opt/convoscope
WORKDIR /srv/convoscope
COPY compute compute
COPY app app
COPY locales locales
COPY templates templates
COPY static static
RUN python -m compileall -q app compute
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import http.client, sys; c = http.client.HTTPConnection('127.0.0.1', 8000, timeout=4); c.request('GET', '/readyz'); sys.exit(c.getresponse().status != 200)"]
# A line of JSON a request; it ends in order when it is told to (docs/operations.md).
ENV CONVOSCOPE_LOG=json
STOPSIGNAL SIGTERM
CMD ["python", "-m", "app.cli", "serve", "--host", "0.0.0.0", "--port", "8000"]
