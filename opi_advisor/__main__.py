"""`python -m opi_advisor` is the command `opi-advisor`."""
from opi_advisor.cli import main

main()
