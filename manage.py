#!/usr/bin/env python
"""Django's command line in a checkout; installed, it is called karla-portal."""

from karla_portal.manage import main

if __name__ == "__main__":
    main()
