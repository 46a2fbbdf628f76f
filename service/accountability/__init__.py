"""The account: five views on one body of evidence. Reads every feature and changes nothing."""
