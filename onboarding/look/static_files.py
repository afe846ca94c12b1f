"""Static files under names that change with their content."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class Fingerprinted(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """WhiteNoise's storage; scripts that import each other do so by these names."""

    support_js_module_import_aggregation = True
