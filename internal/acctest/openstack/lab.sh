#!/usr/bin/env bash
# A real Keystone and Glance on loopback, from Debian's packages, with PostgreSQL underneath: software that is not ours, to hold the
# client and the emulator against.
#   lab.sh up      install, start, make users and projects; prints the environment to source
#   lab.sh down    stop
#   lab.sh test    up in a temporary folder, the tests, down. What cannot be installed and started within $LAB_PATIENCE seconds (420)
#                  is skipped: status 77 and a message. Tests that fail, or hang for five minutes, are never skipped.
# State is in $LAB (up and down need it), on free ports. With LAB_REQUIRED=1 nothing is an excuse: what would be 77 is 1.
set -euo pipefail
cd "$(dirname "$0")"

as_postgres() { su postgres -s /bin/sh -c "$*"; }
pg_bin() { ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1 || true; }
free_port() { /usr/bin/python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
# Any answer will do: some pages want a token.
await() { for _ in $(seq 120); do curl -s -o /dev/null "$1" && return; sleep 0.5; done; echo "No answer from $1" >&2; return 1; }

excused() {
  echo "OpenStack: $1" >&2
  [ "${LAB_REQUIRED:-}" = 1 ] && exit 1
  exit 77
}

# command -v is content with any of several.
present() { for name in "$@"; do command -v "$name" >/dev/null || return; done; }

packages() {
  present keystone-manage glance-api glance-manage gunicorn curl psql && [ -n "$(pg_bin)" ] &&
    /usr/bin/python3 -c 'import psycopg2' 2>/dev/null && return
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || excused 'installing Keystone and Glance needs root and apt-get; skipped'
  echo 'Installing Keystone and Glance' >&2
  export DEBIAN_FRONTEND=noninteractive
  { apt-get update -qq && apt-get install -yqq --no-install-recommends keystone glance-api glance gunicorn \
    postgresql python3-psycopg2 curl apache2-; } >/dev/null 2>&1 ||
    excused 'Keystone and Glance could not be installed; skipped'
}

database() {
  mkdir -p "$LAB/pg"
  chown postgres "$LAB/pg"
  [ -d "$LAB/pg/data" ] || as_postgres "$(pg_bin)/initdb -D $LAB/pg/data -A trust" >"$LAB/log/initdb.log" 2>&1
  as_postgres "$(pg_bin)/pg_ctl -D $LAB/pg/data -w -l $LAB/pg/log -o '-p $PG_PORT -c listen_addresses=127.0.0.1 -k $LAB/pg' start" >/dev/null
  for name in keystone glance; do
    psql -qh 127.0.0.1 -p "$PG_PORT" -U postgres -c "create database $name" 2>/dev/null || true
  done
}

# Nothing is cached: a token that was revoked is dead at once.
keystone() {
  cat >"$LAB/keystone.conf" <<X
[DEFAULT]
log_dir = $LAB/log
[auth]
methods = password,token,totp
[cache]
enabled = false
[database]
connection = postgresql://postgres@127.0.0.1:$PG_PORT/keystone
[identity]
password_hash_rounds = 4
[token]
provider = fernet
[fernet_tokens]
key_repository = $LAB/fernet
[credential]
key_repository = $LAB/credential
X
  local manage="keystone-manage --config-file $LAB/keystone.conf"
  {
    $manage db_sync
    $manage fernet_setup --keystone-user root --keystone-group root
    $manage credential_setup --keystone-user root --keystone-group root
    $manage bootstrap --bootstrap-password "$OS_PASSWORD" --bootstrap-region-id eu-de \
      --bootstrap-admin-url "$OS_AUTH_URL" --bootstrap-internal-url "$OS_AUTH_URL" --bootstrap-public-url "$OS_AUTH_URL"
  } >>"$LAB/log/keystone-manage.log" 2>&1
  cat >"$LAB/lab_keystone.py" <<'X'
import sys
sys.argv = ["keystone"]
from keystone.server.wsgi import initialize_public_application
application = initialize_public_application()
X
  OS_KEYSTONE_CONFIG_FILES=keystone.conf OS_KEYSTONE_CONFIG_DIR=$LAB \
    setsid gunicorn -w 2 --chdir "$LAB" -p "$LAB/keystone.pid" -b "127.0.0.1:$KEYSTONE_PORT" lab_keystone:application \
    >"$LAB/log/gunicorn.log" 2>&1 </dev/null &
  await "$OS_AUTH_URL"
}

# The openstack command would do, at some seconds a call.
api() { curl -sf -X "$1" -H "X-Auth-Token: $ADMIN_TOKEN" -H 'Content-Type: application/json' "$OS_AUTH_URL/$2" ${3:+-d "$3"}; }
first_id() { /usr/bin/python3 -c 'import json, sys; v = json.load(sys.stdin); v = next(iter(v.values())) if len(v) == 1 else v[sys.argv[1]]
print((v[0] if isinstance(v, list) else v)["id"])' "$1"; }

# user NAME PROJECT ROLE: a user with password pw-NAME.
user() {
  local id
  id=$(api POST users "{\"user\":{\"name\":\"$1\",\"password\":\"pw-$1\"}}" | first_id user)
  api PUT "projects/$2/users/$id/roles/$3"
  echo "$id"
}

accounts() {
  local member admin project id
  ADMIN_TOKEN=$(curl -sfi -H 'Content-Type: application/json' "$OS_AUTH_URL/auth/tokens" -d '{"auth":{"identity":{"methods":["password"],"password":
    {"user":{"name":"admin","password":"'"$OS_PASSWORD"'","domain":{"id":"default"}}}},"scope":{"project":{"name":"admin","domain":{"id":"default"}}}}}' |
    sed -n 's/^x-subject-token: *//Ip' | tr -d '\r')
  member=$(api GET 'roles?name=member' | first_id roles)
  admin=$(api GET 'roles?name=admin' | first_id roles)
  id=$(api POST services '{"service":{"type":"image","name":"glance"}}' | first_id service)
  api POST endpoints '{"endpoint":{"service_id":"'"$id"'","interface":"public","region_id":"eu-de","url":"http://127.0.0.1:'"$GLANCE_PORT"'"}}'
  project=$(api POST projects '{"project":{"name":"service"}}' | first_id project)
  user glance "$project" "$admin"
  project=$(api POST projects '{"project":{"name":"consumer"}}' | first_id project)
  user consumer "$project" "$member"
  project=$(api POST projects '{"project":{"name":"owner"}}' | first_id project)
  user owner "$project" "$member"
  # One with a second factor, in the owner's project.
  id=$(user coded "$project" "$member")
  api POST credentials '{"credential":{"type":"totp","blob":"'"$TOTP_SECRET"'","user_id":"'"$id"'"}}'
  api PATCH "users/$id" '{"user":{"options":{"multi_factor_auth_enabled":true,"multi_factor_auth_rules":[["password","totp"]]}}}'
}

glance() {
  mkdir -p "$LAB"/{images,staging,tasks,lock}
  cat >"$LAB/glance-api.conf" <<X
[DEFAULT]
bind_host = 127.0.0.1
bind_port = $GLANCE_PORT
log_dir = $LAB/log
workers = 1
enabled_backends = fs:file
[database]
connection = postgresql://postgres@127.0.0.1:$PG_PORT/glance
[glance_store]
default_backend = fs
[fs]
filesystem_store_datadir = $LAB/images
[os_glance_staging_store]
filesystem_store_datadir = $LAB/staging
[os_glance_tasks_store]
filesystem_store_datadir = $LAB/tasks
[keystone_authtoken]
www_authenticate_uri = $OS_AUTH_URL
auth_url = $OS_AUTH_URL
auth_type = password
project_domain_name = Default
user_domain_name = Default
project_name = service
username = glance
password = $SERVICE_PASSWORD
token_cache_time = -1
[paste_deploy]
flavor = keystone
config_file = /etc/glance/glance-api-paste.ini
[oslo_concurrency]
lock_path = $LAB/lock
X
  glance-manage --config-file "$LAB/glance-api.conf" db_sync >"$LAB/log/glance-db.log" 2>&1
  setsid glance-api --config-file "$LAB/glance-api.conf" >"$LAB/log/glance.log" 2>&1 </dev/null &
  echo $! >"$LAB/glance.pid"
  await "http://127.0.0.1:$GLANCE_PORT/"
}

up() {
  packages
  mkdir -p "$LAB/log"
  chmod a+rx "$LAB"
  KEYSTONE_PORT=${KEYSTONE_PORT:-$(free_port)} GLANCE_PORT=${GLANCE_PORT:-$(free_port)} PG_PORT=${PG_PORT:-$(free_port)}
  SERVICE_PASSWORD=pw-glance TOTP_SECRET=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP
  (
    export OS_AUTH_URL=http://127.0.0.1:$KEYSTONE_PORT/v3 OS_USERNAME=admin OS_PASSWORD=pw-admin OS_PROJECT_NAME=admin
    export OS_IDENTITY_API_VERSION=3 OS_USER_DOMAIN_NAME=Default OS_PROJECT_DOMAIN_NAME=Default OS_REGION_NAME=eu-de
    database
    keystone
    accounts >"$LAB/log/accounts.log" 2>&1
    glance
  ) >&2
  echo "export OPENSTACK_AUTH_URL=http://127.0.0.1:$KEYSTONE_PORT/v3 OPENSTACK_TOTP_SECRET=$TOTP_SECRET"
}

down() {
  local pid
  for pid in "$LAB"/glance.pid "$LAB"/keystone.pid; do
    if [ -f "$pid" ]; then kill "$(cat "$pid")" 2>/dev/null || true; fi
  done
  if [ -d "$LAB/pg/data" ]; then as_postgres "$(pg_bin)/pg_ctl -D $LAB/pg/data -m fast stop" >/dev/null || true; fi
}

run_tests() {
  local status=0
  LAB=$(mktemp -d)
  export LAB
  trap 'down; rm -rf "$LAB"' EXIT
  trap 'kill $! 2>/dev/null || true; exit 1' INT TERM
  # A process of its own: set -e counts for nothing in what stands before ||.
  timeout -k 10 "${LAB_PATIENCE:-420}" ./lab.sh up >"$LAB/environment" &
  wait $! || status=$?
  case $status in
  0) ;;
  77) exit 77 ;;
  124 | 137) excused "Keystone and Glance were not up within ${LAB_PATIENCE:-420} seconds; skipped" ;;
  *)
    tail -n 5 "$LAB"/log/*.log >&2 || true
    excused 'Keystone and Glance did not start; skipped'
    ;;
  esac
  # shellcheck disable=SC1091
  . "$LAB/environment"
  go test -count=1 -timeout 5m "$@" .
}

case "${1:-}" in
up) LAB=$(realpath -m "${LAB:?}") && up ;;
down) LAB=$(realpath -m "${LAB:?}") && down ;;
test) shift && run_tests "$@" ;;
*)
  sed -n '2,8s/^# \{0,1\}//p' lab.sh
  exit 2
  ;;
esac
