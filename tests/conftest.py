"""Profiles of the property-based tests: HYPOTHESIS_PROFILE=nightly tries many more examples."""

import os

from hypothesis import settings

# derandomize: a run without changes gives the same answer twice; the nightly one looks for new examples
settings.register_profile("default", max_examples=50, deadline=None, derandomize=True)
settings.register_profile("nightly", max_examples=2000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))
