# One image for all services: the command says which one runs.
ARG NODE_IMAGE=node:20-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /gantry
COPY . .
RUN npm ci --no-audit --no-fund \
 && npm run build \
 && npm prune --omit=dev --no-audit --no-fund

FROM ${NODE_IMAGE}
ENV NODE_ENV=production
# What build-watcher reads repositories and looks into packages with.
RUN apt-get update \
 && apt-get install -y --no-install-recommends gpg gpgv rpm xz-utils zstd \
 && rm -rf /var/lib/apt/lists/* \
 && install -d -o node -g node /var/lib/gantry/cursors /var/lib/gantry/marks /var/lib/gantry/evidence
WORKDIR /gantry
COPY --from=build /gantry/package.json ./
COPY --from=build /gantry/node_modules ./node_modules
COPY --from=build /gantry/libs ./libs
COPY --from=build /gantry/services ./services
USER node
CMD ["node", "services/cli/dist/main.js", "help"]
