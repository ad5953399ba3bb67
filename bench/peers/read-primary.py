"""Reads a repository's list of packages once with createrepo_c's own parser, and tells how long it took."""
import json
import resource
import sys
import time

import createrepo_c

started = time.monotonic()
packages = 0
builds = 0


def took(package):
    global packages, builds
    packages += 1
    builds += package.name == "shop"


createrepo_c.xml_parse_primary(sys.argv[1], pkgcb=took, do_files=False)
print(json.dumps({
    "packages": packages,
    "builds": builds,
    "ms": (time.monotonic() - started) * 1000,
    "peakKb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
}))
