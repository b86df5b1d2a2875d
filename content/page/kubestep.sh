# Shell functions for the lessons, in POSIX sh over curl. Read them, then:
#   H=https://kubestep.example KS=$(curl -sd lesson=1 "$H/clusters?o=url"); . ./kubestep.sh
#
# KS is your cluster's URL. What follows from it:
X="${KS:?KS is not set: KS=\$(curl -sX POST \"\$H/clusters?o=url\")}/-"
H="${H:-${KS%%/clusters/*}}"
A="$KS/api/v1/namespaces/default"
D="$KS/apis/apps/v1/namespaces/default/deployments"
P="$A/pods"

# y URL: POST YAML from stdin.  pa -d '{…}' URL: merge patch.  j URL: JSON.
y() { curl -sH content-type:application/yaml --data-binary @- "$@"; }
pa() { curl -sX PATCH -H content-type:application/merge-patch+json "$@"; }
j() { curl -sH accept:application/json "$@"; }

kubestep() {
  _verb="${1:-help}"
  [ "$#" -gt 0 ] && shift
  case "$_verb" in
    step)
      if [ "${1:-}" = --until ]; then curl -s --data-urlencode "until=$2" "$X/clock"
      else curl -s -d "step=${1:-1}" "$X/clock"; fi ;;
    until) curl -s --data-urlencode "until=$1" "$X/clock" ;;
    skip) curl -s -d "skip=$1" "$X/clock" ;;
    play) curl -s -d "mode=${1:-fast}" "$X/clock" ;;
    pause) curl -s -d mode=paused "$X/clock" ;;
    answer)
      set -- "$@"
      for _pair in "$@"; do curl -s --data-urlencode "$_pair" "$X/answer"; done ;;
    lesson) curl -s "$X/lesson" ;;
    trace) curl -sN "$X/trace${1:+?type=$1}" ;;
    why | journey) curl -s "$X/$_verb/${1:?kubestep $_verb pod NAME}/${2:?kubestep $_verb $1 NAME}" ;;
    config) curl -s "$X/?o=kubeconfig" ;;
    plugins)
      # kubectl finds kubectl-why and kubectl-journey on the PATH.
      _dir="${1:?kubestep plugins DIRECTORY}"
      mkdir -p "$_dir" || return
      for _name in why journey; do
        printf '#!/bin/sh\nexec curl -s "%s/%s/$1/$2"\n' "$X" "$_name" > "$_dir/kubectl-$_name"
        chmod +x "$_dir/kubectl-$_name"
      done
      echo "kubectl why and kubectl journey: PATH=$_dir:\$PATH" ;;
    *)
      echo "kubestep step [n] | step --until bound=3 | until ready=3 | skip 6m | play [mode] | pause"
      echo "kubestep lesson | answer name=value | why pod NAME | journey pod NAME | trace [type]"
      echo "kubestep config | plugins DIRECTORY" ;;
  esac
}
