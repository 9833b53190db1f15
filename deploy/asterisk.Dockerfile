FROM debian:sid-slim
RUN apt-get update \
  && apt-get install -y --no-install-recommends asterisk asterisk-moh-opsound-gsm \
  && rm -rf /var/lib/apt/lists/*
