# nbgrader on a Hub: where work is handed out and in, and what is taken of it.
import os
import pwd
import shutil
import stat

from nbgrader.exchange.default.collect import ExchangeCollect
from nbgrader.utils import ignore_patterns

c = get_config()  # noqa: F821

c.CourseDirectory.course_id = "residual"
c.Exchange.root = os.environ.get("NBGRADER_EXCHANGE", "/srv/nbgrader/exchange")


class CollectFromOwners(ExchangeCollect):
    """
    Takes what a learner handed in, and no file that only pretends to be it.

    Everybody may write into the exchange under any name, and nbgrader itself says no more than a warning when ada's work was put there by ben. It
    also follows links, so a link to a file that only the instructor can read would come back to its author as feedback.
    """

    def _owner(self, record):
        uid = os.lstat(os.path.join(self.inbound_path, record["filename"])).st_uid
        try:
            return pwd.getpwuid(uid).pw_name
        except KeyError:
            return f"the account {uid}"

    def _sort_by_timestamp(self, records):
        newest_first = super()._sort_by_timestamp(records)
        own = [record for record in newest_first if self._owner(record) == record["username"]]
        for record in newest_first:
            if record not in own:
                self.log.error("%s was put there by %s: not collected", record["filename"], self._owner(record))
        return own or newest_first

    def copy_files(self):
        self.src_records = [record for record in self.src_records if self._owner(record) == record["username"]]
        super().copy_files()

    def do_copy(self, src, dest, log=None):
        try:
            if os.path.islink(src):
                raise ValueError("it is a link")
            size = self.get_size(src)
            if size > 1000 * self.coursedir.max_dir_size:
                raise ValueError(f"it has {size} bytes")
            usual = ignore_patterns(
                exclude=self.coursedir.ignore,
                include=self.coursedir.include,
                max_file_size=self.coursedir.max_file_size,
                log=self.log,
            )

            def left_out(folder, names):
                modes = {name: os.lstat(os.path.join(folder, name)).st_mode for name in names}
                odd = {name for name, mode in modes.items() if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))}
                for name in odd:
                    self.log.error("%s is neither a file nor a folder: not collected", os.path.join(folder, name))
                return odd | set(usual(folder, [name for name in names if name not in odd]))

            shutil.copytree(src, dest, symlinks=True, ignore=left_out)
        except (OSError, ValueError) as error:
            # One learner's odd hand-in keeps nobody else's from being collected.
            shutil.rmtree(dest, ignore_errors=True)
            self.log.error("%s: not collected, because %s", src, error)


c.ExchangeFactory.collect = CollectFromOwners
