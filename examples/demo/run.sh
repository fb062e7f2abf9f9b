#!/usr/bin/env bash
# Shows the provider at work: a real terraform or tofu against the emulator. `make demo` builds what this needs and runs it.
#
#   ENGINE  path of the terraform or tofu to use; default: the first on PATH
#   KEEP    1: leave the images and the emulator up, and say how to go on by hand
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
engine=${ENGINE:-$(command -v terraform || command -v tofu || echo "$root/.bin/tofu")}
keep=${KEEP:-}
dir=$(mktemp -d "${TMPDIR:-/tmp}/ims-demo.XXXXXX")
emulator=
creation=

cleanup() {
  exec 2>/dev/null # bash has a word for each process killed
  [ -z "$creation" ] || kill -KILL -- "-$creation" || true
  [ -z "$emulator" ] || kill "$emulator" || true
  wait
  rm -rf "$dir"
}
trap cleanup EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

fail() {
  printf '\nThe demo failed: %s\nThe end of what the engine said:\n\n' "$*" >&2
  tail -n 60 "$dir/demo.log" >&2
  exit 1
}

# run: the engine's words go to the log; the last command's also to a file of their own.
run() {
  local code=0
  "$engine" "$@" >"$dir/last.log" 2>&1 || code=$?
  { echo "\$ ${engine##*/} $*"; cat "$dir/last.log"; } >>"$dir/demo.log"
  return "$code"
}

# apply WORDS [ARGUMENT...]: applies, and expects WORDS in the summary.
apply() {
  local words=$1
  shift
  run apply -auto-approve -no-color "$@" || fail 'an apply ended with an error'
  grep -q "$words" "$dir/last.log" || fail "an apply did not say \"$words\""
  echo "   $(grep -o "$words" "$dir/last.log")"
}

# cloud_holds [NAME...]: asks the cloud itself for its private images, whatever any state says.
cloud_holds() {
  local names
  run -chdir="$dir/cloud" apply -auto-approve -no-color || fail 'the images in the cloud could not be listed'
  names=$("$engine" -chdir="$dir/cloud" output -raw names) || fail 'the names of the images could not be read'
  [ "$names" = "$*" ] || fail "the cloud holds \"$names\" and should hold \"$*\""
  echo "   the cloud holds: ${names:-no private image}"
}

ids() { echo "$("$engine" output -raw from_file_id) $("$engine" output -raw from_server_id)"; }

# The emulator and the shell that the engine runs in. Nothing this environment knows of a real cloud may take part.
cp -R "$here/." "$dir"
cd "$dir"
# shellcheck disable=SC2086 # a list of names
unset ${!OS_@} ${!TF_@}
set -m # a process group of its own: a Ctrl-C meant for the demo lets the emulator live until the engine is done with it
"$root/bin/ims-emulator" -listen 127.0.0.1:0 -job-duration 4s >emulator.log 2>&1 </dev/null &
emulator=$!
set +m
url=
for _ in $(seq 100); do
  url=$(sed -n 's/^ims-emulator ready at //p' emulator.log)
  [ -z "$url" ] || break
  sleep 0.1
done
[ -n "$url" ] || { cat emulator.log >&2; echo 'The demo failed: the emulator did not start.' >&2; exit 1; }

cat >dev.tfrc <<END
provider_installation {
  dev_overrides {
    "registry.terraform.io/terraform-provider-ims/ims" = "$root/bin"
    "registry.opentofu.org/terraform-provider-ims/ims" = "$root/bin"
  }
  direct {}
}
END
cat >environment <<END
export TF_CLI_CONFIG_FILE='$dir/dev.tfrc' CHECKPOINT_DISABLE=1
export OS_AUTH_URL='$url/v3' OS_REGION_NAME=eu-de OS_PROJECT_NAME=eu-de
export OS_USER_DOMAIN_NAME=emulator OS_USERNAME=builder OS_PASSWORD=not-a-real-password-of-builder
END
# shellcheck disable=SC1091 # just written
. ./environment

run version || fail "$engine does not run"
echo "$(sed -n 1p last.log), with the emulator at $url"

echo '1. Find a public image; make an image from a file in OBS and one from a server.'
apply '2 added, 0 changed, 0 destroyed'
"$engine" output -no-color | sed 's/^/   /'
cloud_holds golden-debian golden-debian-from-server

echo '2. Apply again: there is nothing to do.'
run plan -detailed-exitcode -no-color || fail 'the second plan is not empty'
apply '0 added, 0 changed, 0 destroyed'

echo '3. Change name and tags: in place, the images stay the same.'
before=$(ids) || fail 'the ids of the images could not be read'
change=(-var name=golden-debian-12 -var 'tags={team="platform",stage="released"}')
apply '0 added, 2 changed, 0 destroyed' "${change[@]}"
[ "$(ids)" = "$before" ] || fail 'an image was replaced'
cloud_holds golden-debian-12 golden-debian-12-from-server

echo '4. Start a third image and press Ctrl-C while it is being made.'
change+=(-var third_image=true)
set -m # a process group of its own, which gets the signal as from a terminal
"$engine" apply -auto-approve -no-color "${change[@]}" >last.log 2>&1 </dev/null &
creation=$!
set +m
for _ in $(seq 200); do
  ! grep -q 'interrupted\[0\]: Creating\.\.\.' last.log || break
  sleep 0.1
done
sleep 1
kill -INT -- "-$creation"
pressed=$SECONDS
code=0
wait "$creation" || code=$?
creation=
cat last.log >>demo.log
[ "$code" = 1 ] || fail "the interrupted apply ended with code $code"
[ $((SECONDS - pressed)) -le 3 ] || fail 'the interrupted apply did not end at once'
run state list || fail 'the state cannot be read'
grep -q 'interrupted\[0\]' last.log || fail 'the image being made is not in the state'
run state show -no-color 'ims_system_disk_image.interrupted[0]' || fail 'the state cannot be shown'
! grep -q tainted last.log || fail 'the image being made is tainted'
echo '   stopped; the image is in the state by its job, and not tainted'

echo '5. Apply again: that same image is waited for, not made anew.'
# None changed: on a slow machine the image was finished when the apply looked.
apply '0 added, [01] changed, 0 destroyed' "${change[@]}"
cloud_holds golden-debian-12 golden-debian-12-from-server golden-debian-12-interrupted
run plan -detailed-exitcode -no-color "${change[@]}" || fail 'the plan after it is not empty'

echo '6. Replicate the first image with a key of its own, and export it to OBS.'
change+=(-var copies=true)
apply '2 added, 0 changed, 0 destroyed' "${change[@]}"
cloud_holds golden-debian-12 golden-debian-12-encrypted golden-debian-12-from-server golden-debian-12-interrupted
run plan -detailed-exitcode -no-color "${change[@]}" || fail 'the plan after it is not empty'

if [ "$keep" = 1 ]; then
  trap - EXIT
  cat <<END

The images and the emulator are left as they are. To go on by hand:

  cd $dir
  . ./environment
  $engine plan$(printf ' %q' "${change[@]}")
  $engine destroy

To end it: kill $emulator; rm -r $dir
END
  exit
fi

echo '7. Destroy everything; the exported file stays in OBS.'
run destroy -auto-approve -no-color || fail 'the destroy ended with an error'
grep -q '5 destroyed' last.log || fail 'the destroy did not say "5 destroyed"'
grep -q 'left in OBS' last.log || fail 'the destroy did not say that the file is left'
echo '   5 destroyed'
cloud_holds

echo "All as it should be, in $SECONDS s."
