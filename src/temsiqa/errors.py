"""What can go wrong, as a tree.

TemsiqaError
├── QuestionError         the question cannot be answered as it is (empty, too long)
├── SettingsError         a setting, option or policy file is wrong
├── CorpusError           the corpus folder is missing or holds nothing that can be read
│   └── DocumentError     one file of it cannot be read
├── IndexFolderError      the index folder is missing, foreign or damaged
├── IndexBusyError        another process is building (retryable)
├── UnknownDocumentError  no document of that id in the current generation
├── EvaluationError       a test set, a run, a file of answers or a limit is wrong
└── ServiceError          a server that is measured does not answer as it should (retryable)

Each message is one line: the value, the rule and the mend.
"""


class TemsiqaError(Exception):
    """Base of everything that a caller may want to catch. ``retryable``: the same call may succeed later."""

    retryable = False


class QuestionError(TemsiqaError):
    """The question cannot be answered as it is."""


class SettingsError(TemsiqaError):
    """A setting, an option or the policy file is wrong."""


class CorpusError(TemsiqaError):
    """The corpus folder is missing or holds nothing that can be read."""


class DocumentError(CorpusError):
    """One file cannot be read."""


class IndexFolderError(TemsiqaError):
    """The index folder is missing, foreign or damaged; the message names the file."""


class IndexBusyError(TemsiqaError):
    """Another process is building into the same index folder."""

    retryable = True


class UnknownDocumentError(TemsiqaError):
    """The current generation holds no document of that id."""


class EvaluationError(TemsiqaError):
    """A test set, a run, a file of answers or a limit is wrong; the message names file and line."""


class ServiceError(TemsiqaError):
    """A server that is measured cannot be reached, or does not answer as it should."""

    retryable = True
