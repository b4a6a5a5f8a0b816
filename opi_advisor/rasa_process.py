"""The process that runs Rasa for `opi-advisor serve`: `rasa` itself, with our log, and without what no server uses of it."""
from __future__ import annotations

from opi_advisor.lean_rasa import make_lean
from opi_advisor.log import set_up_log

if __name__ == "__main__":
    set_up_log("rasa")
    make_lean()
    from rasa.__main__ import main  # after the log: its libraries warn of much as they are imported

    main()
