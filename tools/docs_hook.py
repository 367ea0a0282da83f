"""For mkdocs: the pictures in docs/assets belong to both languages; the second one's build would not find them."""

from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File, Files


@event_priority(-200)  # after the languages have taken their files apart
def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add what is missing."""
    folder = Path(config.docs_dir)
    for path in sorted((folder / "assets").iterdir()):
        name = str(path.relative_to(folder))
        if files.get_file_from_path(name) is None:
            files.append(File(name, config.docs_dir, config.site_dir, config.use_directory_urls))
    return files
