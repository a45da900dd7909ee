"""The main job on the shipped samples: three disputes from photos to differences."""
