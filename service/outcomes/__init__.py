"""What changed for people: goals in their own words, instruments, readings, and the yes that each of them rests on."""
