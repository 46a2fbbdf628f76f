"""Photos that come with messages: made anew, kept as files, shown to nobody before somebody looked."""
