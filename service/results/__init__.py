"""What is counted: indicators, who we compare with, and the numbers that partners post."""
