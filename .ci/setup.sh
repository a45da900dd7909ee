#!/usr/bin/env bash
# Makes everything that `make demo` and `make test` need, and nothing twice:
#   1. system packages that are missing (Tesseract with Russian and Kazakh, two libraries of OpenCV, venv);
#   2. .venv with the exact, hash-checked versions of requirements.lock;
#   3. hattama itself in it, editable.
# A stamp in .venv remembers lock, pyproject, place and Python: the second run only compares it.
#
# Usage: .ci/setup.sh          the tool
#        .ci/setup.sh test     the tool, and Chromium for the tests of the review page where apt has it
#        .ci/setup.sh train    .venv-train for `make train`
set -euo pipefail
cd "$(dirname "$0")/.."

readonly LOCK=requirements.lock
readonly TRAIN_LIST=ocr/train/requirements.txt
readonly MIN_PYTHON='import sys; sys.exit(sys.version_info < (3, 11))'

say() { printf 'setup: %s\n' "$*" >&2; }
die() { say "$*"; exit 7; }
have() { command -v "$1" >/dev/null 2>&1; }
TERMINAL=$([[ -t 0 ]] && echo yes || echo no) # asked here, because apt gets no input below
readonly TERMINAL

# --- system packages ------------------------------------------------------------------------------------------

has_library() { # name of a shared library, for example libGL.so.1
  local ldconfig
  ldconfig=$(command -v ldconfig || echo /sbin/ldconfig)
  # No pipe into grep -q: it closes early, and pipefail would call that a failure.
  [[ -x $ldconfig && $("$ldconfig" -p 2>/dev/null) == *"$1 "* ]]
}

has_language() { # Tesseract's name of a language, for example kaz
  have tesseract && grep -qx "$1" <<<"$(tesseract --list-langs 2>/dev/null)"
}

missing_debian() {
  have tesseract || echo tesseract-ocr
  has_language rus || echo tesseract-ocr-rus
  has_language kaz || echo tesseract-ocr-kaz
  has_library libGL.so.1 || echo libgl1
  has_library libgthread-2.0.so.0 || echo libglib2.0-0
  if [[ ! -x .venv/bin/python ]] && ! find_python >/dev/null; then
    echo python3-venv
  fi
}

as_root() {
  if [[ $(id -u) -eq 0 ]]; then
    "$@"
  elif ! have sudo; then
    return 126
  elif [[ $TERMINAL == yes ]]; then
    sudo "$@"
  else
    sudo -n "$@"
  fi
}

apt_get() { # sudo drops the environment, so it is set behind it
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=120 "$@"
}

apt_install() {
  local name names=()
  for name in "$@"; do # renamed in Debian 13 and Ubuntu 24.04
    if [[ $name == libglib2.0-0 ]] && apt-cache show libglib2.0-0t64 >/dev/null 2>&1; then
      name=libglib2.0-0t64
    fi
    names+=("$name")
  done
  apt_get install -y --no-install-recommends "${names[@]}" </dev/null >"$log" 2>&1
}

install_debian() {
  local log by_hand="apt-get install $*"
  log=$(mktemp)
  say "installing system packages: $*"
  if [[ $(id -u) -ne 0 ]] && ! have sudo; then
    die "there is no sudo here. As root, run: $by_hand"
  fi
  apt_get update </dev/null >"$log" 2>&1 || say "the package lists could not be refreshed, going on with the old ones"
  if ! apt_install "$@"; then
    say "the first attempt failed, refreshing the package lists and trying once more"
    { apt_get update </dev/null >>"$log" 2>&1 && apt_install "$@"; } || {
      tail -n 15 "$log" >&2
      die "these system packages could not be installed. As root, run: $by_hand"
    }
  fi
  rm -f "$log"
}

install_mac() {
  local formulas=()
  have tesseract || formulas+=(tesseract)
  { has_language rus && has_language kaz; } || formulas+=(tesseract-lang)
  find_python >/dev/null || formulas+=(python@3.13)
  [[ ${#formulas[@]} -gt 0 ]] || return 0
  have brew || die "install Tesseract 5 with the languages rus and kaz, and Python 3.11 or newer (with Homebrew: brew install ${formulas[*]})"
  say "installing with Homebrew: ${formulas[*]}"
  brew install --quiet "${formulas[@]}" >&2
}

other_system() {
  if ! { has_language rus && has_language kaz; } || { [[ ! -x .venv/bin/python ]] && ! find_python >/dev/null; }; then
    die "this system has no apt and no Homebrew. Install Tesseract 5 with the languages rus and kaz, libGL, glib and" \
      "Python 3.11 or newer with venv by its own means, then run this again"
  fi
}

system_packages() {
  local missing
  if [[ $(uname -s) == Darwin ]]; then
    install_mac
  elif have apt-get; then
    missing=$(missing_debian)
    # shellcheck disable=SC2086  # one word per package
    [[ -z $missing ]] || install_debian $missing
  else
    other_system
  fi
}

has_browser() {
  have chromium || have chromium-browser || have google-chrome
}

# Only tests need it, so nobody is asked for a password and nothing fails: without it those tests are skipped.
browser() {
  local log
  if has_browser || ! have apt-get; then
    return 0
  fi
  if [[ $(id -u) -ne 0 ]] && ! { have sudo && sudo -n true; } 2>/dev/null; then
    say "without chromium the tests in a browser are skipped (apt-get install chromium)"
    return 0
  fi
  log=$(mktemp)
  say "installing chromium for the tests in a browser"
  { apt_get update </dev/null >"$log" 2>&1 && apt_install chromium; } ||
    say "chromium could not be installed, the tests in a browser will be skipped"
  rm -f "$log"
}

# --- Python ---------------------------------------------------------------------------------------------------

# Prints the first interpreter that is new enough and can make an environment with pip in it. A name on PATH
# proves little: it may be a shim for a version that is not there, or Debian's Python without ensurepip.
find_python() {
  local name path
  for name in ${PYTHON:-} python3.13 python3.12 python3.11 python3 python3.14; do
    while read -r path; do
      if "$path" -c "$MIN_PYTHON" >/dev/null 2>&1 && "$path" -c 'import ensurepip, venv' >/dev/null 2>&1; then
        echo "$path"
        return 0
      fi
    done < <(type -aP "$name" 2>/dev/null || true)
  done
  return 1
}

sha256() {
  if have sha256sum; then sha256sum "$@"; else shasum -a 256 "$@"; fi
}

fingerprint() { # of an environment ($1) and the files that decide what is in it
  local place=$1
  shift
  { pwd -P; "$place/bin/python" -V; sha256 "$@"; } 2>/dev/null | sha256 | cut -c1-64
}

fresh() { # folder, files...
  [[ -x $1/bin/python && -f $1/hattama.stamp && $(<"$1/hattama.stamp") == "$(fingerprint "$@")" ]]
}

make_environment() {
  local place=$1 python
  if [[ -x $place/bin/python ]] && "$place/bin/python" -c "$MIN_PYTHON" >/dev/null 2>&1 &&
    "$place/bin/python" -m pip --version >/dev/null 2>&1; then
    return 0
  fi
  python=$(find_python) || die "no Python 3.11 or newer that can make environments was found." \
    "On Debian and Ubuntu: apt-get install python3-venv. Or name one: PYTHON=/path/to/python3 make"
  say "making $place with $("$python" -V) ($python)"
  "$python" -m venv --clear "$place"
}

pip_in() {
  local place=$1
  shift
  "$place/bin/python" -m pip --disable-pip-version-check --no-input "$@"
}

setup_tool() {
  fresh .venv "$LOCK" pyproject.toml && return 0
  make_environment .venv
  rm -f .venv/hattama.stamp
  say "installing the locked libraries, a few minutes the first time"
  pip_in .venv install --quiet --require-hashes --only-binary :all: -r "$LOCK"
  pip_in .venv install --quiet --no-deps --no-build-isolation --editable .
  .venv/bin/python -c 'import cv2, onnxruntime' || die "OpenCV or ONNX Runtime does not start, see the message above"
  fingerprint .venv "$LOCK" pyproject.toml >.venv/hattama.stamp
  say "ready"
}

setup_train() {
  [[ -f $TRAIN_LIST ]] || die "$TRAIN_LIST is not here"
  fresh .venv-train "$TRAIN_LIST" && return 0
  make_environment .venv-train
  rm -f .venv-train/hattama.stamp
  say "installing the training libraries, some hundred megabytes the first time"
  pip_in .venv-train install --quiet -r "$TRAIN_LIST"
  fingerprint .venv-train "$TRAIN_LIST" >.venv-train/hattama.stamp
  say "ready"
}

system_packages
case ${1:-tool} in
  tool) setup_tool ;;
  test)
    browser
    setup_tool
    ;;
  train) setup_train ;;
  *) die "unknown job '$1', known are: tool, test, train" ;;
esac
