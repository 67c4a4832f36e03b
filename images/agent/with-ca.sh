#!/bin/sh
# Runs a program; where this build was given a CA bundle, with the variables that make pip and npm trust it.
set -eu
ca=/opt/berth/ca.crt
if [ -s "$ca" ]; then
  export PIP_CERT="$ca" SSL_CERT_FILE="$ca" NODE_EXTRA_CA_CERTS="$ca"
fi
exec "$@"
