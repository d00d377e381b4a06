import pytest

from tests.faults.accounts import RUNS, note_run, table

EXPLAINED = """\
took: with starting and stopping all processes
acknowledged: requests of the shop's programs that were answered with success
not answered: what was sent again, by its answer; “broken” is a connection that broke
silence: the longest time that none of them was answered, about from the kill to the first answer
lost: acknowledged orders, scans and claims that are not there afterwards
all told after: from the end of the traffic until every webhook had heard of everything
"""


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    note_run(report.nodeid, report.outcome, report.duration)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if RUNS:
        terminalreporter.section("what the faults came to")
        for line in table():
            terminalreporter.write_line(line)
        terminalreporter.write_line(f"\n{EXPLAINED}")
