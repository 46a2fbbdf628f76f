"""What the service sends: written down in the transaction that wants it sent, sent after the commit, tried again when it fails."""
