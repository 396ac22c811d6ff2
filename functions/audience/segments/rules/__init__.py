"""Rules of segments: their trees, what these mean, and the engines that say who matches."""
