"""How static files are collected: hashed names, compressed, JavaScript untouched."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class Storage(CompressedManifestStaticFilesStorage):
    """Hashes and compresses every file; rewrites addresses inside CSS only.

    Imports inside JavaScript are resolved by the page's import map, so a module's bytes, and its hash in the vendor
    lock, stay what they are in the repository.
    """

    patterns = tuple(pattern for pattern in CompressedManifestStaticFilesStorage.patterns if pattern[0] == "*.css")
