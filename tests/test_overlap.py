from concurrent.futures import ThreadPoolExecutor

import pytest

from fathom.overlap import overlapped


def test_results_come_in_order_and_no_more_than_ahead_are_made():
    begun = []

    def square(x):
        begun.append(x)
        return x * x

    with ThreadPoolExecutor(2) as pool:
        for used, result in enumerate(overlapped(pool, square, range(20), ahead=3)):
            assert result == used * used
            assert len(begun) <= used + 1 + 3
    assert sorted(begun) == list(range(20))


def test_an_error_is_raised_where_its_result_would_be_used():
    def invert(x):
        return 1 / x

    with ThreadPoolExecutor(1) as pool:
        results = overlapped(pool, invert, [1, 2, 0], ahead=2)
        assert [next(results), next(results)] == [1, 0.5]
        with pytest.raises(ZeroDivisionError):
            next(results)
