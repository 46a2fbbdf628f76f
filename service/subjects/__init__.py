"""What is held about somebody: finding it by a code, a partner's name for it or an address, giving it out, taking it out for good."""
