"""The characters of DIN 91379:2022, type A: names of natural persons.

500 letters, 149 sequences of a letter with marks, and 18 signs that are no letters.
The letters are written by their search form, the sequences by their marks.
"""

from collections.abc import Iterator

_LETTERS = {
    "A": "AÀÁÂÃĀĂĄǍẠẢẤẦẨẪẬẮẰẲẴẶaàáâãāăąǎȧạảấầẩẫậắằẳẵặ",
    "AA": "ÅǺåǻ",
    "AE": "ÄÆǞǢǼäæǟǣǽ",
    "B": "BḂḆbḃḇ",
    "C": "CÇĆĈĊČƇcçćĉċčƈ",
    "D": "DÐĎĐḊḌḎḐdðďđḋḍḏḑ",
    "E": "EÈÉÊËĒĔĖĘĚƏȨḜẸẺẼẾỀỂỄỆeèéêëēĕėęěəȩḗḝẹẻẽếềểễệ",
    "F": "FḞfḟ",
    "G": "GĜĞĠĢǤǦǴḠgĝğġģǥǧǵḡ",
    "H": "HĤĦȞḢḤḦḨḪhĥħȟḣḥḧḩḫẖ",
    "I": "IÌÍÎÏĨĪĬĮİƗǏỈỊiìíîïĩīĭįıǐɨḯỉị",
    "IJ": "Ĳĳ",
    "J": "JĴjĵǰ",
    "K": "KĶǨḰḲḴkķĸǩḱḳḵ",
    "L": "LĹĻĽĿŁḶḺlĺļľŀłḷḻ",
    "M": "MṀṂmṁṃ",
    "N": "NÑŃŅŇŊǸṄṆṈnñńņňŉŋǹṅṇṉ",
    "O": "OÒÓÔÕŌŎŐƠǑǪǬȬȮȰṒỌỎỐỒỔỖỘỚỜỞỠỢoòóôõōŏőơǒǫǭȭȯȱṓọỏốồổỗộớờởỡợ",
    "OE": "ÖØŒǾȪöøœǿȫ",
    "P": "PṔṖpṕṗ",
    "Q": "Qq",
    "R": "RŔŖŘȒṘṚṞrŕŗřȓṙṛṟ",
    "S": "SŚŜŞŠȘṠṢsśŝşšșṡṣ",
    "SS": "ẞß",
    "T": "TŢŤŦȚṪṬṮtţťŧțṫṭṯẗ",
    "TH": "Þþ",
    "U": "UÙÚÛŨŪŬŮŰŲƯǓỤỦỨỪỬỮỰuùúûũūŭůűųưǔụủứừửữự",
    "UE": "ÜǕǗǙǛüǖǘǚǜ",
    "V": "Vv",
    "W": "WŴẀẂẄẆwŵẁẃẅẇ",
    "X": "XẌxẍ",
    "Y": "YÝŶŸȲẎỲỴỶỸyýÿŷȳẏỳỵỷỹ",
    "Z": "ZŹŻŽƷǮẐẒẔzźżžǯʒẑẓẕ",
}

# Marks, and the letters that may carry them.
_MARKED = {
    "\u0300": "CFGKMPSTZcfgkmpstz",
    "\u0301": "JjÿĪī",
    "\u0302": "DKLMNdklmn",
    "\u0304": "CFHKNPSTZcfhknpstzÛûḲḳṢṣṬṭỤụ",
    "\u0306": "CMNRZcmnrzÇç",
    "\u0307": "KUku",
    "\u0308": "CTZczẠạỌọỤụ",
    "\u030b": "Aa",
    "\u030c": "J",
    "\u030d": "ēō",
    "\u0310": "Mm",
    "\u0315": "CKPTckptČč",
    "\u031b": "KTkt",
    "\u031b\u0304": "Ss",
    "\u0323": "CPcpČč",
    "\u0325": "LRlr",
    "\u0325\u0304": "LRlr",
    "\u0326": "CHKLNchklnŽž",
    "\u0327": "ZzŽž",
    "\u0328\u0306": "Cc",
    "\u0331": "HSs",
    "\u035fH": "K",
    "\u035fh": "Kk",
}

# Sequences that are searched as two letters; the others lose their marks.
_TWO_LETTERS = {
    **dict.fromkeys(("Ạ\u0308", "ạ\u0308"), "AE"),
    **dict.fromkeys(("Ọ\u0308", "ọ\u0308"), "OE"),
    **dict.fromkeys(("Ụ\u0308", "ụ\u0308"), "UE"),
    **dict.fromkeys(("K\u035fH", "K\u035fh", "k\u035fh"), "KH"),
}

_SINGLE = {letter: form for form, letters in _LETTERS.items() for letter in letters}

SEQUENCES: dict[str, str] = {
    letter + marks: _TWO_LETTERS.get(letter + marks, _SINGLE[letter])
    for marks, letters in _MARKED.items()
    for letter in letters
}
LETTERS: dict[str, str] = _SINGLE

# What of the signs stays in the search form, and what is dropped from it.
SIGNS_KEPT = frozenset(" ',-.`~¨´·")
SIGNS_DROPPED = frozenset("ʹʺʾʿˈˌ’‡")
SIGNS = SIGNS_KEPT | SIGNS_DROPPED

TYPE_A: frozenset[str] = SIGNS | LETTERS.keys() | SEQUENCES.keys()
SEARCH_FORMS: dict[str, str] = {
    **LETTERS,
    **SEQUENCES,
    **{sign: sign for sign in SIGNS_KEPT},
    **dict.fromkeys(SIGNS_DROPPED, ""),
}

_LONGEST = max(map(len, TYPE_A))
_FIRST_MARKS = frozenset(marks[0] for marks in _MARKED)


def glyphs(text: str) -> Iterator[tuple[int, str]]:
    """Give each glyph of an NFC text with the index it begins at.

    A glyph is the longest letter, sequence or sign of type A that begins there; a
    code point that begins none stands for itself.
    """
    start = 0
    while start < len(text):
        length = _length_at(text, start)
        yield start, text[start : start + length]
        start += length


def _length_at(text: str, start: int) -> int:
    if text[start + 1 : start + 2] in _FIRST_MARKS:
        for length in range(_LONGEST, 1, -1):
            if text[start : start + length] in SEQUENCES:
                return length
    return 1
