"""Programs that Milepost works with, small and complete, to try it and to test against."""
