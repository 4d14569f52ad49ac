// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.network;

import io.omote.face.ModelException;
import io.omote.face.description.ModelFile;
import io.omote.face.internal.engine.OnnxGraph;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * A kind of network, or of several that work together, with one class of descriptions. A subclass
 * contains everything that is specific to its network: which part of an image it takes, how its
 * outputs are read, and which files it accepts. {@link Networks} lists all of them.
 *
 * <p>Immutable and thread-safe.
 *
 * @param <M> the type of the description
 */
public abstract class Network<M> {
  static final String SWAPPED = ": check whether detector and recognizer were swapped";

  private final String manifestName;
  private final Class<? extends M> description;
  private final int fileCount;
  private final Function<List<ModelFile>, M> constructor;

  /**
   * Declares a network.
   *
   * @param manifestName its name in manifests
   * @param description the class of its descriptions
   * @param fileCount the number of its files, with those that may be absent
   * @param constructor creates a description of as many files as {@link #takes}
   */
  Network(
      String manifestName,
      Class<? extends M> description,
      int fileCount,
      Function<List<ModelFile>, M> constructor) {
    this.manifestName = manifestName;
    this.description = description;
    this.fileCount = fileCount;
    this.constructor = constructor;
  }

  /** Returns whether a graph, as far as the file describes it, is one of this kind. */
  abstract boolean fits(OnnxGraph graph);

  /** Returns a noun phrase for messages. */
  String title() {
    return "a network of the kind " + manifestName;
  }

  /** Returns the inputs and outputs of a file that {@link #fits}, for messages. */
  abstract String signature();

  /** Returns the end of a message about a file of another kind, empty if there is no advice. */
  String advice(OnnxGraph found) {
    return "";
  }

  /** Refuses a file that does not fit. */
  final void check(OnnxGraph graph, String file) {
    if (!fits(graph)) {
      throw refusal(title(), signature(), graph, file);
    }
  }

  /** Returns the exception for a file that is not what was expected. */
  final ModelException refusal(String expected, String signature, OnnxGraph found, String file) {
    return new ModelException(
        String.format(
            Locale.ROOT,
            "expected %s (%s), found %s in %s (%s)%s%s",
            expected,
            signature,
            Networks.of(found).map(Network::title).orElse("a network of another kind"),
            file,
            found,
            advice(found),
            found.elementAdvice()));
  }

  /** Returns the name in manifests. */
  public final String manifestName() {
    return manifestName;
  }

  /** Returns the class of the descriptions. */
  public final Class<? extends M> description() {
    return description;
  }

  /** Returns the number of files, one for each network, with those that may be absent. */
  public final int fileCount() {
    return fileCount;
  }

  /** Returns the number of files that must be there, the first ones. */
  int requiredFiles() {
    return fileCount;
  }

  /** Returns whether that many files describe the network. */
  public final boolean takes(int files) {
    return files >= requiredFiles() && files <= fileCount;
  }

  private String files() {
    return requiredFiles() == fileCount
        ? Integer.toString(fileCount)
        : requiredFiles() + " to " + fileCount;
  }

  /**
   * Describes files.
   *
   * @param files one for each network
   * @return the description
   * @throws IllegalArgumentException if it does not {@linkplain #takes take} as many
   */
  public final M describe(List<ModelFile> files) {
    if (!takes(files.size())) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "expected %s files for %s, found %d: give one for each network",
              files(),
              manifestName,
              files.size()));
    }
    return constructor.apply(files);
  }

  /** Shows the name in manifests and the number of files. */
  @Override
  public final String toString() {
    return String.format(Locale.ROOT, "%s (files: %s)", manifestName, files());
  }
}
