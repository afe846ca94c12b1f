"""Dates and times in German."""

DATE_FORMAT = "j. F Y"
TIME_FORMAT = r"G:i \U\h\r"
DATETIME_FORMAT = r"j. F Y, G:i \U\h\r"
SHORT_DATETIME_FORMAT = r"j. N, G:i \U\h\r"
MONTH_DAY_FORMAT = "j. N"
