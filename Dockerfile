# The service in an image: docker build -t agent-events . && docker run -p 8080:8080 -e WS_API_KEY=… -e WS_JWT_SECRET=… agent-events

FROM node:26-bookworm-slim AS build
WORKDIR /src
COPY . .
RUN npx --yes pnpm@12 install --frozen-lockfile \
  && npx --yes pnpm@12 build --filter=@ws/service --filter=@ws/inspector \
  && npx --yes pnpm@12 --filter=@ws/service deploy --prod --legacy /app \
  && cp -R apps/inspector/dist /app/inspector \
  && mkdir /data

FROM node:26-alpine
ENV NODE_ENV=production \
    WS_HOST=0.0.0.0 \
    WS_LOG_URL=sqlite:/data/events.db \
    WS_INSPECTOR_FOLDER=/app/inspector
WORKDIR /app
COPY --from=build --chown=node:node /data /data
COPY --from=build /app /app
USER node
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
  CMD ["node", "--eval", "fetch('http://127.0.0.1:8080/healthz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# Node is process 1 and gets SIGTERM itself: it drains for at most ten seconds.
STOPSIGNAL SIGTERM
ENTRYPOINT ["node", "/app/dist/main.js"]
