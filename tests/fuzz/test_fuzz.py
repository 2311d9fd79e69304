"""The whole public API of the maths: any input gives a documented result or a documented error.

What is public and what is documented is read from the code itself (__all__, docstrings), so that a new function
is tested as soon as it exists, or the tests fail until tests/bad_values.py knows its arguments.
"""

import dataclasses
import importlib
import inspect
import multiprocessing
import re
import signal
import warnings

import numpy as np
import pytest
from bad_values import NEVER_SPOILT, SIZES, World, hostile, strategy, worlds
from hypothesis import HealthCheck, find, given, settings
from hypothesis import strategies as st
from test_layers import FILES, MATHS, dotted, layer

from ddlib.curves import bias_variance, polynomial_curve
from ddlib.curves.factors import three_factors
from ddlib.curves.phases import phase_map
from ddlib.curves.random_features import feature_curve
from ddlib.curves.ridge_runs import ridge_runs
from ddlib.datasets.digits import draw_digits

# The engine behind the public door: it is called with arrays that were checked, and checks nothing again.
ENGINE = {
    "curves.all_fits",
    "curves.under_beta",
    "curves.all_sizes",
    "curves.transposed",
    "curves.inverse",
    "curves.divisible",
    "fit.scores",
    "fit.loss_and_slopes",
    "fit.train",
    "fit.centred",
    "datasets.one_hot",
    "curves.draw_features",
    "curves.sweep_features",
}

# Tested elsewhere: the first two are no functions of values, the third says anything of anything.
NOT_HERE = {"checks.amount", "checks.overflow", "checks.shown"}

# An object of each public class that has methods or properties.
OBJECTS = {
    "curves.Curve": lambda: polynomial_curve(3, [1, 3, 5], sigma=0.1, trials=3),
    "curves.BiasVariance": lambda: bias_variance(4, [1, 2], sigma=0.1, trials=3),
    "datasets.Digits": lambda: draw_digits(5, np.random.default_rng(0)),
    "curves.Factors": lambda: three_factors(np.eye(2), [1.0, 2.0], [1.0, 1.0], [0.0, 1.0]),
    "curves.PhaseMap": lambda: phase_map([2, 4], [1, 3], [0, 0.1], trials=2),
    "curves.FeatureCurve": lambda: feature_curve(5, [1, 3, 7], draws=2),
    "curves.RidgeRuns": lambda: ridge_runs(4, 3, trials=2),
}


def public():
    """All functions and classes that an __all__ of the maths names, by module and name."""
    found, seen = {}, set()
    for path in FILES:
        if layer(path) in MATHS:
            module = importlib.import_module(dotted(path))
            for name in getattr(module, "__all__", []):
                thing = getattr(module, name)
                home = getattr(thing, "__module__", None)
                if callable(thing) and home == module.__name__ and thing not in seen:
                    seen.add(thing)
                    found[f"{layer(path)}.{name}"] = thing
    return found


def members(kind):
    """The public methods and properties that a class defines itself."""
    return {
        name: member
        for name, member in vars(kind).items()
        if not name.startswith("_") and (inspect.isfunction(member) or isinstance(member, property))
    }


PUBLIC = public()
CLASSES = {name: thing for name, thing in PUBLIC.items() if inspect.isclass(thing)}
FUNCTIONS = {name: thing for name, thing in PUBLIC.items() if name not in CLASSES and name not in NOT_HERE}
METHODS = {
    f"{name}.{member}": (name, member)
    for name, kind in CLASSES.items()
    for member, thing in members(kind).items()
    if inspect.isfunction(thing)
}


def arguments_of(function):
    return [name for name in inspect.signature(function).parameters if name != "self"]


def documentation(function):
    """Its docstring, and those that it refers to: `errors as min_norm`."""
    own = inspect.getdoc(function) or ""
    module = inspect.getmodule(function)
    others = [getattr(module, name) for name in re.findall(r"\bas (\w+)", own) if hasattr(module, name)]
    return "\n".join([own, *(inspect.getdoc(other) or "" for other in others if callable(other))])


def documented_errors(function):
    return set(re.findall(r"\b[A-Z]\w*Error\b", documentation(function)))


def numbers_in(result):
    """All floats within a result, however it is nested."""
    if isinstance(result, (bool, str, bytes, int, type(None))) or callable(result):
        return np.zeros(0)
    if isinstance(result, (float, np.generic)):
        return np.array([result], dtype=float)
    if isinstance(result, np.ndarray):
        return result.astype(float).ravel()
    if dataclasses.is_dataclass(result):
        fields = [field.name for field in dataclasses.fields(result) if not field.name.startswith("_")]
        result = [getattr(result, name) for name in fields]
    if isinstance(result, dict):
        result = list(result.values())
    if isinstance(result, (tuple, list)):
        return np.concatenate([numbers_in(part) for part in result] or [np.zeros(0)])
    raise TypeError(f"no test knows what numbers a {type(result).__name__} holds")


def is_documented(function, result):
    """Finite numbers; infinity where the docstring speaks of it."""
    numbers = numbers_in(result)
    assert not np.isnan(numbers).any()
    if not re.search(r"\binf\b", documentation(function)):
        assert np.isfinite(numbers).all()


def call(name, function, arguments, documented=None):
    """Call it, and fail unless the result or the error is a documented one."""
    documented = documented or function
    kept = {
        key: value.copy() for key, value in arguments.items() if isinstance(value, np.ndarray) and value.dtype.kind in "biuf"
    }
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            result = function(**arguments)
            result = list(result) if inspect.isgenerator(result) else result
    except Exception as error:
        if type(error).__name__ not in documented_errors(documented):
            raise
        words = str(error)
        named = [*arguments, "name_or_path"]  # a table by its name is read by read_table
        assert any(re.search(rf"\b{argument}\b", words) for argument in named), f"names no argument: {words}"
        assert len(words) < 2000
    else:
        is_documented(documented, result)
    for key, value in kept.items():
        assert np.array_equal(arguments[key], value, equal_nan=value.dtype.kind == "f"), f"{key} was changed"


@st.composite
def calls(draw, name, function, spoil=True):
    """Arguments that fit together, of which up to two are then replaced by anything at all."""
    world, wanted = draw(worlds), arguments_of(function)
    arguments = {argument: draw(strategy(name, argument)(world)) for argument in wanted}
    open_to_all = [argument for argument in wanted if f"{name}.{argument}" not in NEVER_SPOILT]
    spoilt = draw(st.sampled_from([0, 0, 1, 1, 2])) if spoil and open_to_all else 0
    for argument in draw(st.permutations(open_to_all))[:spoilt]:
        arguments[argument] = draw(hostile)
    return arguments


def test_there_is_something_to_test():
    assert len(FUNCTIONS) > 20 and {"fit.min_norm", "curves.polynomial_curve", "datasets.read_table"} <= set(FUNCTIONS)
    assert NOT_HERE <= set(PUBLIC) and ENGINE <= set(FUNCTIONS)


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_every_argument_is_known(name):
    unknown = [argument for argument in arguments_of(FUNCTIONS[name]) if strategy(name, argument) is None]
    assert not unknown, f"tests/bad_values.py has no strategy for {', '.join(unknown)} of {name}"


@pytest.mark.parametrize("name", sorted(CLASSES))
def test_every_class_with_methods_has_an_object(name):
    if members(CLASSES[name]):
        assert name in OBJECTS, f"{name} has {sorted(members(CLASSES[name]))} and no object in OBJECTS"
        shown = OBJECTS[name]()
        for member, thing in members(CLASSES[name]).items():
            if isinstance(thing, property):
                is_documented(CLASSES[name], getattr(shown, member))


@pytest.mark.parametrize("name", sorted(METHODS))
def test_every_argument_of_a_method_is_known(name):
    function = getattr(CLASSES[METHODS[name][0]], METHODS[name][1])
    assert [argument for argument in arguments_of(function) if strategy(name, argument) is None] == []


@pytest.mark.parametrize("name", sorted(set(FUNCTIONS) - ENGINE))
def test_errors_are_documented(name):
    assert documented_errors(FUNCTIONS[name]), f"the docstring of {name} says nothing of errors"


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data())
def test_any_input(name, data):
    function = FUNCTIONS[name]
    call(name, function, data.draw(calls(name, function, spoil=name not in ENGINE)))


@pytest.mark.parametrize("name", sorted(METHODS))
@settings(suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_any_input_of_a_method(name, data):
    kind, member = METHODS[name]
    function = getattr(CLASSES[kind], member)
    call(name, getattr(OBJECTS[kind](), member), data.draw(calls(name, function)), documented=function)


# --- absurd sizes: each call in a process of its own, whose memory and time are bounded -------------------

ABSURD = 10**12
MEMORY, SECONDS = 2 * 2**30, 60


def sized():
    return [
        (name, argument)
        for name in sorted(set(FUNCTIONS) - ENGINE)
        for argument in arguments_of(FUNCTIONS[name])
        if argument in SIZES
    ]


def absurd(value):
    """The argument as it was, but absurdly large: a grid keeps its start."""
    if isinstance(value, (list, tuple, np.ndarray)):
        return [*list(value)[:1], ABSURD]
    return ABSURD


def bounded_call(name, arguments, report):
    import resource

    used = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + MEMORY, used + MEMORY))
    signal.alarm(SECONDS)  # ends the process
    try:
        call(name, FUNCTIONS[name], arguments)
        report.send("well")
    except BaseException as error:
        report.send(f"{type(error).__name__}: {error}")


@pytest.mark.skipif(
    not hasattr(signal, "alarm") or "fork" not in multiprocessing.get_all_start_methods(),
    reason="bounds a process by means of Linux",
)
@pytest.mark.parametrize("name, argument", sized())
def test_absurd_sizes_are_refused_or_cost_nothing(name, argument):
    plain = World(N=3, P=3, D=3, K=2, T=2, wild=False)
    arguments = {
        other: find(strategy(name, other)(plain), lambda _: True, settings=settings(database=None))
        for other in arguments_of(FUNCTIONS[name])
    }
    arguments[argument] = absurd(arguments[argument])
    mine, theirs = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.get_context("fork").Process(target=bounded_call, args=(name, arguments, theirs))
    process.start()
    theirs.close()
    try:
        outcome = mine.recv()
    except EOFError:
        outcome = f"it took more than {SECONDS} seconds, or the process was killed"
    process.join()
    assert outcome == "well", arguments
