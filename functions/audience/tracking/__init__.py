"""Opens and clicks that Milepost sees itself, for campaigns that want them counted."""
