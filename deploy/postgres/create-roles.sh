#!/bin/sh
# Run once, when the database is made: the services' own roles. What they may do is granted by the migrations.
set -eu
psql -v ON_ERROR_STOP=1 -v orchestrator="$GANTRY_ORCHESTRATOR_PASSWORD" -v audit="$GANTRY_AUDIT_PASSWORD" \
  --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
CREATE ROLE orchestrator_service LOGIN PASSWORD :'orchestrator';
CREATE ROLE audit_service LOGIN PASSWORD :'audit';
SQL
