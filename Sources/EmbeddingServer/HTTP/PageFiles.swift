internal import DataFormats
internal import HTTPTypes
internal import Hummingbird

/// A file of the page, part of the program.
struct PageFile: Sendable {
  let name: String
  private let contents: ByteBuffer
  private let type: String
  private let tag: String

  private init(_ name: String, _ bytes: [UInt8]) {
    self.name = name
    contents = ByteBuffer(bytes: bytes)
    type =
      switch name.split(separator: ".").last {
      case "html": "text/html; charset=utf-8"
      case "css": "text/css; charset=utf-8"
      case "js": "text/javascript; charset=utf-8"
      case "svg": "image/svg+xml"
      case "json": "application/json; charset=utf-8"
      default: "application/octet-stream"
      }
    var hash = XXHash64()
    hash.update(bytes)
    tag = "\"\(String(hash.finalized(), radix: 16))\""
  }

  /// All of them; those in the folder `Page` and the description of the API.
  static let all = [
    PageFile("index.html", PackageResources.index_html),
    PageFile("style.css", PackageResources.style_css),
    PageFile("query.css", PackageResources.query_css),
    PageFile("results.css", PackageResources.results_css),
    PageFile("views.css", PackageResources.views_css),
    PageFile("favicon.svg", PackageResources.favicon_svg),
    PageFile("adding.js", PackageResources.adding_js),
    PageFile("address.js", PackageResources.address_js),
    PageFile("api.js", PackageResources.api_js),
    PageFile("app.js", PackageResources.app_js),
    PageFile("caption.js", PackageResources.caption_js),
    PageFile("elements.js", PackageResources.elements_js),
    PageFile("finding.js", PackageResources.finding_js),
    PageFile("gestures.js", PackageResources.gestures_js),
    PageFile("map.js", PackageResources.map_js),
    PageFile("painter.js", PackageResources.painter_js),
    PageFile("photos.js", PackageResources.photos_js),
    PageFile("projection.js", PackageResources.projection_js),
    PageFile("query.js", PackageResources.query_js),
    PageFile("results.js", PackageResources.results_js),
    PageFile("search.js", PackageResources.search_js),
    PageFile("server.js", PackageResources.server_js),
    PageFile("uploads.js", PackageResources.uploads_js),
    PageFile("viewer.js", PackageResources.viewer_js),
    PageFile("openapi.json", PackageResources.openapi_json),
  ]

  /// The file, or that the client has it already.
  func response(to request: Request) -> Response {
    // A browser asks each time, so that a newer program's page is seen at once.
    var headers: HTTPFields = [.eTag: tag, .cacheControl: "no-cache"]
    if request.headers[.ifNoneMatch] == tag { return Response(status: .notModified, headers: headers) }
    headers[.contentType] = type
    return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: contents))
  }
}
