"""Pictures without what the camera wrote into them: where and when they were taken, by whom, with which device.

Wagtail copies all of that into every size that it makes. Here it is cut out of the finished file, so that the pixels
are not compressed a second time. Color profiles stay: colors would change without them.
"""

JPEG, PNG = b"\xff\xd8", b"\x89PNG\r\n\x1a\n"
# ISO/IEC 10918-1 B.1.1.3: a segment is FF, a marker, and a length of two bytes that counts itself.
START_OF_SCAN = 0xDA
JPEG_WORDS = {0xE1, 0xED, 0xFE}  # APP1: EXIF and XMP; APP13: IPTC; COM: a comment
# ISO/IEC 15948 5.3: a chunk is a length of four bytes, a type of four, the data, and a checksum of four.
PNG_WORDS = {b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME"}


def without_metadata(content: bytes) -> bytes:
    """The same picture without EXIF, XMP, IPTC and comments; formats other than JPEG and PNG come back as they are."""
    if content.startswith(JPEG):
        return _jpeg(content)
    if content.startswith(PNG):
        return _png(content)
    return content


def _jpeg(content: bytes) -> bytes:
    kept, at = [JPEG], len(JPEG)
    while at + 4 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker == START_OF_SCAN:
            break
        end = at + 2 + int.from_bytes(content[at + 2 : at + 4], "big")
        if marker not in JPEG_WORDS:
            kept.append(content[at:end])
        at = end
    return b"".join([*kept, content[at:]])


def _png(content: bytes) -> bytes:
    kept, at = [PNG], len(PNG)
    while at + 12 <= len(content):
        end = at + 12 + int.from_bytes(content[at : at + 4], "big")
        if content[at + 4 : at + 8] not in PNG_WORDS:
            kept.append(content[at:end])
        at = end
    return b"".join(kept)
