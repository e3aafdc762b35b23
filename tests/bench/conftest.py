from hypothesis import settings

# A busy machine must not fail a property for taking long.
settings.register_profile("bench", deadline=None, max_examples=50)
settings.load_profile("bench")
