"""Files that staff bring in through the browser: their columns matched, tried, mended, taken in."""
