// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import com.google.gson.Gson;
import io.omote.face.FaceDetector;
import io.omote.face.FaceEmbedder;
import io.omote.face.FaceGallery;
import io.omote.face.FaceModels;
import io.omote.face.cli.analysis.FaceAnalysis;
import io.omote.face.cli.web.DemoServer;
import io.omote.face.cli.web.FaceService;
import io.omote.face.cli.web.LiveGallery;
import io.omote.face.cli.web.ScoreDistributions;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Serves a web page that demonstrates the library. */
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    description = {
      "Serves a web page to drop images on, and its JSON API over HTTP.",
      "For demonstrations on this machine: no TLS, no accounts. Images are not stored or logged. For"
          + " access from other machines (--address) it requires a token, which it prints."
    },
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "1:the server could not start; the message says why",
      "2:invalid options",
      "130:the server was stopped with Ctrl-C"
    })
final class Serve implements Callable<Integer> {
  private static final int MAX_PORT = 65_535;

  @Mixin private final ModelOptions models = new ModelOptions();
  @Mixin private final AnalyzerFiles analyzers = new AnalyzerFiles();
  @Spec private CommandSpec spec;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "8080",
      description = "port, or 0 for a free one; by default ${DEFAULT-VALUE}")
  private int port;

  @Option(
      names = "--address",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description =
          "address to listen on, 0.0.0.0 for all of this machine; by default ${DEFAULT-VALUE}")
  private InetAddress address;

  @Option(
      names = "--host",
      paramLabel = "NAME",
      description =
          "additional host name of this machine; can be given several times. Requests to unknown"
              + " host names are refused")
  private List<String> hosts = List.of();

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description =
          "report.json that omote evaluate wrote for these models, to show similarities against both"
              + " distributions; the bundled pack needs none")
  private @Nullable Path report;

  @Option(
      names = "--json",
      description = "print the URL and, if required, the token as a JSON object")
  private boolean json;

  @ArgGroup(exclusive = false)
  private @Nullable People people;

  /** The options for a gallery. */
  static final class People {
    @Option(
        names = "--gallery",
        required = true,
        paramLabel = "GALLERY",
        converter = GalleryLocation.Address.class,
        description =
            "gallery to search, in its current state at each request: folder, or JDBC URL of a"
                + " PostgreSQL with pgvector")
    private String gallery;

    @Option(
        names = "--gallery-name",
        paramLabel = "NAME",
        defaultValue = "faces",
        converter = GalleryLocation.Name.class,
        description = "name of the gallery in a database; by default ${DEFAULT-VALUE}")
    private String name;

    @ArgGroup private IdentificationDecision decision = new IdentificationDecision();

    private FaceGallery open(String modelId) {
      return new GalleryLocation(gallery, name).openToRead(modelId);
    }
  }

  /** The address of the server, as JSON. */
  private record Listening(String url, @Nullable String token) {}

  @Override
  public Integer call() {
    if (port < 0 || port > MAX_PORT) {
      throw new ParameterException(
          spec.commandLine(),
          String.format(Locale.ROOT, "expected a port from 0 to %d, found %d", MAX_PORT, port));
    }
    FaceModels chosen = models.models();
    ScoreDistributions scores = report == null ? null : ScoreDistributions.read(report);
    CountDownLatch ended = new CountDownLatch(1);
    try (FaceDetector detector = FaceDetector.create(chosen);
        FaceEmbedder embedder = FaceEmbedder.create(chosen);
        FaceAnalysis analysis =
            FaceAnalysis.open(chosen.detector(), analyzers.with(chosen.analyzers()));
        FaceGallery gallery = people == null ? null : people.open(embedder.modelId());
        DemoServer server =
            DemoServer.start(
                new InetSocketAddress(address, port),
                hosts,
                new FaceService(
                    detector,
                    embedder,
                    analysis,
                    chosen,
                    scores,
                    gallery == null
                        ? null
                        : new LiveGallery(gallery, people.decision.policy(chosen))))) {
      print(server);
      ended.await(); // until the process ends
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // a program that runs this command stops it
    }
    return 0;
  }

  private void print(DemoServer server) {
    PrintWriter out = spec.commandLine().getOut();
    String token = server.token().orElse(null);
    if (json) {
      out.println(
          Answers.line(
              new Gson().toJsonTree(new Listening(server.url(), token)).getAsJsonObject()));
    } else {
      out.println(
          String.format(
              Locale.ROOT,
              "Omote demonstration: %s%s",
              server.url(),
              token == null ? "" : "#token=" + token));
      out.println("Images are not stored or logged. Press Ctrl-C to stop.");
      if (token != null) {
        out.println(
            "No TLS: images and token can be read on the network. Put a TLS proxy in front of it.");
      }
    }
    out.flush();
  }
}
