package serve

import (
	"context"
	"slices"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/emptypb"
)

// register is [pulumirpc.RegisterAnalyzerServer] but for the engine's question
// before each Analyze, which holds the same resource once more: no rule
// remediates, so it is answered unread.
func register(to grpc.ServiceRegistrar, server *Server) {
	service := pulumirpc.Analyzer_ServiceDesc
	service.Methods = slices.Clone(service.Methods)
	for i, method := range service.Methods {
		if method.MethodName == "Remediate" {
			service.Methods[i].Handler = remediate
		}
	}
	to.RegisterService(&service, server)
}

func remediate(_ any, ctx context.Context, decode func(any) error, _ grpc.UnaryServerInterceptor) (any, error) {
	if err := decode(&emptypb.Empty{}); err != nil { // keeps every field as the bytes it came in
		return nil, err
	}
	return &pulumirpc.RemediateResponse{}, ctx.Err()
}
