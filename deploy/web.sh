#!/bin/sh
# The web server: its static files first, which are as old as the image, then granian.
set -eu
python manage.py collectstatic --noinput --clear --verbosity 0
exec python -m karla_portal.web
