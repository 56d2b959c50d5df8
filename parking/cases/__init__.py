"""Case files (案卷): the law they travel by, their clocks, numbers, classes, and who answers for them."""
