"""What harvesters miss in a dataset: the points of data.europa.eu, and the way to win them."""
