# Nova for production: one image, which web, worker, beat and the migration all run.
FROM python:3.12-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/venv
COPY requirements.lock .
RUN /opt/venv/bin/pip install --no-cache-dir --require-hashes -r requirements.lock

FROM python:3.12-slim
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    MALLOC_ARENA_MAX=2 \
    NOVA_HOME=/var/lib/nova \
    NOVA_STATIC_ROOT=/srv/nova/staticfiles
RUN useradd --system --home-dir /var/lib/nova --create-home nova
COPY --from=build /opt/venv /opt/venv
WORKDIR /srv/nova
COPY . .
# Collecting reads the settings, and none of these values.
RUN NOVA_SECRET_KEY=unused DATABASE_URL=postgresql://unused/unused REDIS_URL=redis://unused \
    python manage.py collectstatic --noinput --verbosity 0
USER nova
VOLUME /var/lib/nova
EXPOSE 8000
CMD ["python", "-m", "granian", "--interface", "asgi", "--host", "0.0.0.0", "--port", "8000", \
     "--workers", "2", "--respawn-failed-workers", "--workers-kill-timeout", "10", "nova.asgi:application"]
