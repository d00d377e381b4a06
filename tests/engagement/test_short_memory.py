from engagement.short_memory import ShortMemory


def test_what_was_put_is_there_until_it_is_forgotten():
    memory = ShortMemory[str](most=2, seconds=60)

    memory.put("a", "1")
    assert memory.get("a") == "1"
    memory.forget("a")

    assert memory.get("a") is None


def test_only_the_newest_are_remembered():
    memory = ShortMemory[str](most=2, seconds=60)

    for key in "abc":
        memory.put(key, key)

    assert [memory.get(key) for key in "abc"] == [None, "b", "c"]


def test_after_its_time_it_is_gone():
    memory = ShortMemory[str](most=2, seconds=-1)

    memory.put("a", "1")

    assert memory.get("a") is None
