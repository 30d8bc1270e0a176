#!/usr/bin/env python
"""Django's commands. `bin/nova COMMAND` runs this inside Nova's environment."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nova.settings")
    execute_from_command_line(sys.argv)
