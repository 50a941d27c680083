package dev.colloquy.platform.postgres;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Says in words what is wrong with a folder or a file of it. */
final class FolderFailure {
  private static final String ADVICE = "it must be a folder that this account may write to";

  private FolderFailure() {}

  /** What is wrong, and what to do about it. */
  static String explain(IOException failure) {
    var said = String.valueOf(failure.getMessage());
    if (said.contains("No space left on device") || said.contains("Disk quota exceeded")) {
      return "the disk is full: make room";
    }
    return switch (failure) {
      case AccessDeniedException e ->
          "this account may not read or write %s: %s".formatted(e.getFile(), ADVICE);
      case FileAlreadyExistsException e -> "%s is no folder: %s".formatted(e.getFile(), ADVICE);
      case NotDirectoryException e -> "%s is no folder: %s".formatted(e.getFile(), ADVICE);
      case NoSuchFileException e ->
          "%s is missing: restore the folder from your backup".formatted(e.getFile());
      case FileSystemException e -> "%s: %s: %s".formatted(e.getFile(), e.getReason(), ADVICE);
      default -> "%s: %s".formatted(said, ADVICE);
    };
  }
}
