# humanpose on a server: docker build --platform linux/amd64 -t humanpose . && docker run -p 127.0.0.1:8501:8501 -v humanpose:/data humanpose
# For strangers' uploads add --memory, --cpus and a network that leads nowhere; docs/serve.md has the variables.
# bookworm: later ones call one of the two libraries otherwise
FROM python:3.11-slim-bookworm@sha256:a36c24f9cbdf4fd0f52d67f0823eeac19c2028c637cecc392d97f980d4fec56b

RUN apt-get update \
 && apt-get install -y --no-install-recommends libgl1 libglib2.0-0 \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --create-home --uid 1000 humanpose \
 && install -d -o humanpose -m 0700 /data

WORKDIR /app
# Every package by its bytes; PyTorch without CUDA, which its own index has: 200 MB and not 2 GB
COPY hashes hashes
RUN pip install --no-cache-dir --require-hashes \
      --extra-index-url https://download.pytorch.org/whl/cpu \
      -r hashes/requirements.txt -r hashes/requirements-oidc.txt
COPY app.py pyproject.toml LICENSE NOTICE ./
COPY .streamlit .streamlit
COPY checkpoints checkpoints
COPY pages pages
COPY humanpose humanpose

USER humanpose
ENV HUMANPOSE_HOME=/data HUMANPOSE_CACHE=/data/cache PYTHONDONTWRITEBYTECODE=1
VOLUME /data
EXPOSE 8501
HEALTHCHECK --start-period=60s CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8501/health', timeout=5)"]
CMD ["streamlit", "run", "app.py", "--server.address=0.0.0.0", "--server.headless=true"]
