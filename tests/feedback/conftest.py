"""What the tests of feedback share: a patient hypothesis."""

from hypothesis import settings

settings.register_profile("house", deadline=None)  # these machines are shared: how long one example takes says nothing
settings.load_profile("house")
