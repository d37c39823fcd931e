"""The list of faults that the tests must catch stays true while the code changes."""

from collections import Counter

from checks.faults import listed, problems


def test_every_fault_can_be_put_in_and_names_tests_that_there_are():
    faults = listed()
    assert [problem for fault in faults for problem in problems(fault)] == []
    assert {name: times for name, times in Counter(fault.name for fault in faults).items() if times > 1} == {}


def test_every_area_has_faults():
    areas = Counter(fault.area for fault in listed())
    assert set(areas) == {"engine", "recipes", "answers", "errors", "scenes", "page", "exports", "embeds"}
    assert min(areas.values()) >= 4
