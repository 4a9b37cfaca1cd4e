package serve

import (
	"context"
	"slices"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/encoding"
	"google.golang.org/grpc/encoding/proto"
	"google.golang.org/grpc/mem"
	"google.golang.org/grpc/status"
)

// questions are the methods whose requests are read here and not by the
// protocol's own code: to read them was most of what a pack cost a preview.
var questions = map[string]func(*Server, []byte) (any, error){
	// It comes before each Analyze and holds the same resource. No rule remediates,
	// and to say that this pack has no such method is less than an empty answer.
	"Remediate": func(*Server, []byte) (any, error) { return nil, errNoRemediation },
	"Analyze":   func(s *Server, request []byte) (any, error) { return s.analyze(request) },
	"AnalyzeStack": func(s *Server, request []byte) (any, error) {
		defer together()()
		return s.analyzeStack(request)
	},
}

var errNoRemediation = status.Error(codes.Unimplemented, "no rule remediates")

// register is [pulumirpc.RegisterAnalyzerServer] but for those methods. The
// server needs the [codec].
func register(to grpc.ServiceRegistrar, server *Server) {
	service := pulumirpc.Analyzer_ServiceDesc
	service.Methods = slices.Clone(service.Methods)
	for i, method := range service.Methods {
		answer, found := questions[method.MethodName]
		if !found {
			continue
		}
		service.Methods[i].Handler = func(_ any, ctx context.Context, decode func(any) error, _ grpc.UnaryServerInterceptor) (any, error) {
			var request unread
			if err := decode(&request); err != nil {
				return nil, err
			}
			if err := server.begin(ctx); err != nil {
				return nil, err
			}
			defer server.mu.RUnlock()
			return answer(server, request)
		}
	}
	to.RegisterService(&service, server)
}

// unread is a request as the bytes that it came in.
type unread []byte

// codec is that of the protocol, which hands over what is to stay unread.
type codec struct{ encoding.CodecV2 }

func newCodec() codec { return codec{encoding.GetCodecV2(proto.Name)} }

// Unmarshal reads a request.
func (c codec) Unmarshal(data mem.BufferSlice, into any) error {
	if request, ok := into.(*unread); ok {
		*request = data.Materialize() // a copy: gRPC uses its buffers again
		return nil
	}
	return c.CodecV2.Unmarshal(data, into)
}
